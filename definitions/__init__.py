"""The shipped procedures, as YAML files beside this module, and a reader that finds them."""
