"""Everything with effects: settings, the store, the runner, audits and the doors (command line first)."""
