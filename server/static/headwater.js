/*
 * Reports what visitors of a page do to a Headwater server. No cookies, nothing that outlives the tab.
 *
 *   <script>
 *     window.asa = window.asa || function () { (asa.q = asa.q || []).push(arguments) }
 *     asa('set.tenant.id', 'AS-000042')
 *     asa('as.web.product.viewed', ['Mug/blue'])
 *   </script>
 *   <script async src="https://north.example/headwater.js"></script>
 *
 * Calls made before this script is there wait in asa.q, and are done in their order once it is.
 */
(function () {
  'use strict'

  var VERSION = 'headwater-1'
  var IDLE_MS = 30 * 60 * 1000
  var STORE = 'headwater.session'
  var PARTNER = '__as.partner_'
  var REFERRER = 'asa__referrer'
  var UTM = ['campaign', 'source', 'medium', 'content', 'term']
  var EVENT = /^as\.web\.[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

  var server = new URL(document.currentScript.src).origin
  var before = window.asa && window.asa.q ? window.asa.q : []
  var asked = new URLSearchParams(location.search)
  var memory = null // of the session, where the browser keeps nothing

  var tenant = ''
  var partnerKey = ''
  var partners = []
  var providers = []
  var aliases = {}
  var tellsSessions = true
  var talks = false
  var transform = null

  function kept () {
    try {
      return JSON.parse(sessionStorage.getItem(STORE))
    } catch (error) {
      return memory
    }
  }

  function keep (session) {
    memory = session
    try {
      sessionStorage.setItem(STORE, JSON.stringify(session))
    } catch (error) { /* it is in memory */ }
    return session
  }

  /* The session that runs, new when there is none or nothing has happened in it for half an hour. */
  function session (id) {
    var now = Date.now()
    var known = kept()
    var isNew = Boolean(id) || !known || now - known.last > IDLE_MS
    var sid = id || (isNew ? 's.' + now.toString(36) + '.' + random() : known.sid)
    return { isNew: isNew, sid: keep({ sid: sid, last: now }).sid }
  }

  function random () {
    var words = crypto.getRandomValues(new Uint32Array(3))
    return Array.prototype.map.call(words, function (word) { return word.toString(36) }).join('')
  }

  function hostOf (address) {
    try {
      return new URL(address).host
    } catch (error) {
      return ''
    }
  }

  /* Whoever takes payments, say, sends visitors back and is no source of them. */
  function referrer () {
    var host = asked.get(REFERRER) || hostOf(document.referrer)
    return providers.indexOf(host) < 0 ? host : ''
  }

  function campaign () {
    var found = {}
    UTM.forEach(function (key) {
      var names = ['utm_' + key].concat(Object.keys(aliases).filter(function (alias) {
        return aliases[alias] === 'utm_' + key || aliases[alias] === key
      }))
      names.forEach(function (name) {
        if (asked.get(name) && !found[key]) found[key] = asked.get(name)
      })
    })
    return found
  }

  function meta () {
    var found = {}
    document.querySelectorAll('meta[property^="og:"], meta[name="keywords"]').forEach(function (tag) {
      found[tag.getAttribute('property') || tag.name] = tag.content
    })
    return transform ? transform(found) : found
  }

  /* What a payload is called depends on the event; an object says it itself. */
  function payload (type, said) {
    if (said === undefined || said === null) return {}
    if (typeof said === 'object' && !Array.isArray(said)) return said
    var things = Array.isArray(said) ? said : [said]
    if (type.indexOf('as.web.customer.') === 0) return { ids: things }
    return type.indexOf('as.web.product.') === 0 ? { products: things } : { orders: things }
  }

  function send (path, body) {
    if (talks) console.log('headwater', path, body)
    return fetch(server + path, {
      method: 'POST',
      body: JSON.stringify(body), // as text/plain, which browsers send to other sites without asking them first
      credentials: 'omit',
      keepalive: true
    }).catch(function () {})
  }

  function report (type, said, sid) {
    var now = new Date().toISOString()
    send('/asa', {
      tid: 'web.asa',
      t: now,
      ev: Object.assign(payload(type, said), {
        type: type,
        tenant: tenant,
        origin: location.protocol + '//' + location.host,
        occurred: now,
        title: document.title,
        user: { sid: sid || session().sid },
        page: { url: location.href, referrer: referrer() },
        campaign: campaign(),
        meta: meta(),
        partner_id: asked.get(PARTNER + 'id') || '',
        partner_sid: asked.get(PARTNER + 'sid') || '',
        v: VERSION
      })
    })
  }

  function begin (id) {
    var found = session(id)
    if (tellsSessions && tenant) report('as.web.session.' + (found.isNew ? 'started' : 'resumed'), null, found.sid)
  }

  function setTenant (id) {
    tenant = String(id)
    begin()
  }

  var COMMANDS = {
    'set.tenant.id': setTenant,
    'tenant.id.provided': setTenant,
    'create.custom.session': function (id) { begin(typeof id === 'function' ? id() : id || undefined) },
    'set.connected.partners': function (hosts) { partners = [].concat(hosts || []) },
    'set.service.providers': function (hosts) { providers = [].concat(hosts || []) },
    'set.partner.key': function (key) { partnerKey = String(key) },
    'set.utm.aliases': function (names) { aliases = names || {} },
    'set.metadata.transformer': function (made) { transform = typeof made === 'function' ? made : null },
    'set.session.events.enabled': function (wanted) { tellsSessions = wanted !== false },
    'set.logger.mode': function (mode) { talks = Boolean(mode) && mode !== 'off' }
  }

  function asa (name, said) {
    try {
      if (Object.prototype.hasOwnProperty.call(COMMANDS, name)) COMMANDS[name](said)
      else if (EVENT.test(name) && tenant) report(name, said)
    } catch (error) {
      send('/asa/error', { err: String(error), context: String(name), v: VERSION })
    }
  }

  /* Links to partners tell them whose visitor comes, and from where. */
  document.addEventListener('click', function (click) {
    var link = click.target.closest && click.target.closest('a[href]')
    if (!link || partners.indexOf(link.host) < 0 || link.host === location.host) return
    var address = new URL(link.href)
    address.searchParams.set(PARTNER + 'id', partnerKey || tenant)
    address.searchParams.set(PARTNER + 'sid', session().sid)
    address.searchParams.set(REFERRER, referrer() || location.host)
    var known = campaign()
    Object.keys(known).forEach(function (key) { address.searchParams.set('utm_' + key, known[key]) })
    link.href = address.href
  }, true)

  window.asa = asa
  for (var index = 0; index < before.length; index++) asa.apply(null, before[index])
})()
