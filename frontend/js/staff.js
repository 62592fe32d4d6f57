// Entry of the staff shell.
import htmx from "htmx.org/dist/htmx.esm.js";
import Alpine from "@alpinejs/csp";
import { startClocks } from "./shared/clocks.js";
import { startDialogs } from "./shared/dialogs.js";
import { startPreferences } from "./shared/preferences.js";
import { startSmall } from "./shared/small.js";
import { startToasts } from "./shared/toasts.js";
import { startViewer } from "./shared/viewer.js";
import { startUploaders } from "./claimant/uploader.js";
import { startKeys } from "./staff/keys.js";
import { bulk, drawer, palette } from "./staff/parts.js";
import { startSwaps } from "./staff/swaps.js";

window.htmx = htmx;
window.Alpine = Alpine;
Alpine.data("drawer", drawer);
Alpine.data("bulk", bulk);
Alpine.data("palette", palette);
Alpine.start();
startClocks();
startDialogs();
startPreferences();
startToasts();
startSmall();
startViewer();
startKeys();
startSwaps();
startUploaders();
