"""How the world reaches us: doors, identity, configuration, lifecycle. The only place where everything meets."""
