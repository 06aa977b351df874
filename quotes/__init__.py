"""What it costs and who must agree: price books at work, quotes and their revisions, approvals."""
