/** What every page of the site gains from a script; without one, all of it still works. */

import { showHues } from "./hues.js";
import { offerCopies } from "./copying.js";
import { followJobs } from "./jobs.js";
import { offerQuickOpen } from "./quick.js";
import { letKeysScroll } from "./scrolling.js";
import { showOpenTab } from "./tabs.js";

showHues(document);
showOpenTab(document);
offerCopies(document);
letKeysScroll(document);
followJobs(document);
offerQuickOpen(document);
