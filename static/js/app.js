/* Everything a page does by itself. Each module listens on the document, so what htmx swaps in needs no setting up. */
import "./answers.js";
import "./board.js";
import "./dialog.js";
import "./drafts.js";
import "./grid.js";
import "./guard.js";
import "./live.js";
import "./mentions.js";
import "./menu.js";
import "./palette.js";
import "./pick.js";
import "./rows.js";
import "./scheme.js";
import "./shortcuts.js";
import "./sums.js";
import "./tasks.js";
import "./toast.js";
