"""Words for the demo's notes, calls, e-mails, tasks and files. {who} is somebody on the deal, {boss} the owner's manager."""

from __future__ import annotations

NOTES = (
    "**Budget**: {who} says it is in next year's plan, *not yet signed*.\n\n- CFO reviews it in two weeks\n- they want a figure per node",
    "{who} is worried about the migration. Send the runbook of a customer of their size.",
    "Renewal of their current contract is the real date.\n\n> We can't run two platforms for longer than a quarter.",
    "{boss} they ask for a reference in their own industry. Do we have one who would talk?",
    "Security wants to see:\n\n1. where the keys are\n2. who can read the logs\n3. the last test report",
    "The architect likes us, procurement has not met us. Ask {who} for an introduction.",
    "Competitor was there yesterday with a discount until the end of the month. {who} told me unasked.",
)
CALLS = (
    ("First call", "They run out of room by summer. {who} owns the problem, somebody else the money."),
    ("How they decide", "Committee of five, meets on the first Tuesday. **{who}** writes the paper."),
    (
        "Readout of the proof of concept",
        "All four criteria met; failover in 41 seconds.\n\n- open: backup integration\n- {who} wants it in writing",
    ),
    ("Price", "They compare us with staying where they are. {who} asked for three years and yearly payment."),
    ("Architecture session", "Walked through two sites and the edge. No objections, many questions."),
    ("Check-in", "Short one. {who} is on holiday until Monday; nothing moves before."),
)
MAILS = (
    (
        "Next steps",
        "Hello,\n\nthank you for the session. Could you send the summary and the two figures we spoke of?\n\nBest regards",
    ),
    (
        "Questions from our security team",
        "Hi,\n\nplease see below; answers by Friday would help us.\n\n1. Encryption at rest?\n2. Separate tenants?\n3. Who holds the keys?",
    ),
    ("Re: budget", "Hello,\n\nit is in the plan for next year. I need a paper of two pages for our board.\n\nRegards"),
    ("Dates for the proof of concept", "Hi,\n\nweek 12 works for us, two engineers from our side.\n\nThanks"),
)
TASKS = (
    "Send the summary of the call",
    "Ask for the organisation chart",
    "Book the CFO",
    "Answer the security questions",
    "Prepare figures per node",
    "Find a reference in their industry",
    "Check in with the champion",
    "Draft the paper for their board",
)
DONE = ("Send the runbook", "Invite the architect", "Confirm the test criteria", "Thank them for the session")
FILES = (
    ("Success criteria.pdf", ("Failover in under a minute", "Two sites, one console", "Backups restored in a day")),
    (
        "Meeting notes.txt",
        ("Who: their architect, our engineer", "Agreed: test in week 12", "Open: backup integration"),
    ),
    ("Node count.csv", ("site,nodes", "North,340", "South,210", "Edge,96")),
    ("Board paper.pdf", ("Cost of staying: 1.9 M a year", "Cost of moving: 0.7 M once", "Decision needed by June")),
)
RECORD_NOTES = (
    "Family-owned; decisions are made slowly, and kept.",
    "Reads mail before eight. **Never** call on Fridays.",
    "They bought a smaller company in spring; its systems come along next year.",
    "Was a customer at the company before. Knows what we do well, and where we were late.",
)


def paper(name: str, title: str, lines: tuple[str, ...]) -> bytes:
    """A small file of the kind its name says."""
    if not name.endswith(".pdf"):
        return "\n".join(lines).encode()
    return pdf((title, "", *lines))


def pdf(lines: tuple[str, ...]) -> bytes:
    """One page of text as a PDF, the same every time."""
    said = [
        line.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    ]
    drawn = b"BT /F1 12 Tf 72 770 Td 18 TL " + b" ".join(b"(" + line + b") Tj T*" for line in said) + b" ET"
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(bodies) + 1, table, len(bodies) + 1, len(out))
