/*
 * The page of the stream, when there are scripts: what is new is announced as it happens, and actions are taken in place.
 *
 * An action belongs to types of things. Whoever has one more registers it:
 *
 *   headwater.registerAction('issue task', function (item) { … return element }, 5)
 *
 * `item` has `type`, `application`, `generator`, `id`, `links` (relation → address) and `element`. Controls stand in the order
 * of their weights. Type `*` is every type.
 */
(function () {
  'use strict'

  var RELATIONS = 'http://streams.atlassian.com/syndication/'
  var actions = []
  var news = document.querySelector('.news')

  function registerAction (types, factory, weight) {
    actions.push({ types: types.split(' '), factory: factory, weight: Number(weight) || 0 })
    actions.sort(function (one, other) { return one.weight - other.weight })
    document.querySelectorAll('.entry').forEach(control)
  }

  function itemOf (element) {
    var links = {}
    if (element.dataset.page) links.alternate = element.dataset.page
    element.querySelectorAll('[data-rel]').forEach(function (one) {
      var form = one.matches('form') ? one : one.querySelector('form')
      links[one.dataset.rel] = form.getAttribute('action')
    })
    return {
      id: element.dataset.id,
      type: element.dataset.type,
      application: element.dataset.application,
      generator: element.dataset.generator,
      links: links,
      element: element
    }
  }

  /* Put the controls of an entry in their order; those that are made anew replace what they made before. */
  function control (element) {
    var item = itemOf(element)
    var place = element.querySelector('.acts')
    actions.forEach(function (action, index) {
      if (action.types.indexOf('*') < 0 && action.types.indexOf(item.type) < 0) return
      var made = place && place.querySelector('[data-made="' + index + '"]')
      if (made) made.remove()
      var found = action.factory(item)
      if (!found) return
      if (!place) {
        place = document.createElement('div')
        place.className = 'acts'
        place.setAttribute('role', 'group')
        place.setAttribute('aria-label', 'Actions')
        element.querySelector('footer').append(place)
      }
      if (!found.dataset.rel) found.dataset.made = index
      place.append(found)
    })
  }

  /* What the page came with is an action like any other. */
  function ours (relation) {
    return function (item) { return item.element.querySelector('[data-rel="' + RELATIONS + relation + '"]') }
  }

  registerAction('*', ours('reply-to'), 1)
  registerAction('*', ours('issue-vote'), 9)
  registerAction('*', ours('watch'), 10)
  window.headwater = Object.assign(window.headwater || {}, { registerAction: registerAction })

  function say (form, text) {
    var told = form.querySelector('.problem') || document.createElement('p')
    told.className = 'problem'
    told.setAttribute('role', 'alert')
    told.textContent = text
    form.append(told)
  }

  function done (form) {
    var button = form.querySelector('button')
    var comment = form.querySelector('textarea')
    if (comment) {
      comment.value = ''
      form.parentElement.open = false
      form.parentElement.querySelector('summary').focus()
      return
    }
    button.textContent = '\u2713 ' + button.textContent
    button.setAttribute('aria-pressed', 'true')
    button.setAttribute('aria-disabled', 'true')
  }

  document.addEventListener('submit', function (submit) {
    var form = submit.target
    if (!form.closest('.act')) return
    submit.preventDefault()
    var button = form.querySelector('button')
    if (button.getAttribute('aria-disabled') === 'true') return
    var told = form.querySelector('.problem')
    if (told) told.remove()
    button.setAttribute('aria-disabled', 'true')
    fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: 'application/json' },
      credentials: 'same-origin'
    }).then(function (answer) {
      button.removeAttribute('aria-disabled')
      if (answer.ok) return done(form)
      return answer.json().catch(function () { return {} }).then(function (said) {
        say(form, said.errorMessage || said.detail || 'This did not work (' + answer.status + ').')
      })
    }).catch(function () {
      button.removeAttribute('aria-disabled')
      say(form, 'The server cannot be reached.')
    })
  })

  /* Beside the stream there is room for the filters; above it they are folded away. */
  var filters = document.querySelector('.filters')
  if (filters && window.matchMedia('(min-width: 60rem)').matches) filters.open = true

  /* What is new waits until its reader wants it, so that nothing moves under their eyes. */
  var waiting = []

  function announce () {
    if (!waiting.length) return news.replaceChildren()
    var button = news.querySelector('button') || document.createElement('button')
    button.type = 'button'
    button.textContent = waiting.length + ' new'
    button.onclick = reveal
    if (!button.isConnected) news.replaceChildren(button)
  }

  function reveal () {
    var first = waiting[0]
    waiting.slice().reverse().forEach(function (entry) {
      var day = entry.closest('.day')
      var here = document.getElementById(day.querySelector('h2').id)
      if (here) {
        here.after(entry)
      } else {
        var made = day.cloneNode(false)
        made.append(day.querySelector('h2').cloneNode(true), entry)
        var nothing = document.querySelector('.nothing')
        if (nothing) nothing.remove()
        news.after(made)
      }
      entry.classList.add('fresh')
      control(entry)
    })
    waiting = []
    announce()
    first.tabIndex = -1
    first.focus({ preventScroll: true })
    first.scrollIntoView({ block: 'nearest' })
  }

  function look () {
    fetch(location.href, { headers: { Accept: 'text/html' }, credentials: 'same-origin' }).then(function (answer) {
      return answer.ok ? answer.text() : ''
    }).then(function (text) {
      var there = new DOMParser().parseFromString(text, 'text/html')
      var known = {}
      document.querySelectorAll('.entry').forEach(function (entry) { known[entry.dataset.id] = true })
      waiting = Array.from(there.querySelectorAll('.entry')).filter(function (entry) { return !known[entry.dataset.id] })
      announce()
    }).catch(function () {})
  }

  if (news && news.dataset.live && window.EventSource) {
    new EventSource(news.dataset.live).addEventListener('news', look)
  }
})()
