"""Forms that edit a draft of a playbook, part by part."""
