/** Quick-open on the labelling page, fetched when it is first asked for: see verbs/going.js. */

import { offerQuickOpen } from "../site/quick.js";

offerQuickOpen(document);
