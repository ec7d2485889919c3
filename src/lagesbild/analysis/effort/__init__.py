"""Reports mirror police effort: the joint model of the hidden level and of its detection."""
