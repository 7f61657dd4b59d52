"""The handbook: every SOP as pages for people who never saw its definition."""
