#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# count_page.sh BUILD -- the page of a sample in a real browser: its keys count, and what it saves
# is what was counted.
set -u
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
	{ echo "no Chromium here: skipped"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$1/make_count_page" "$dir/page.html" || { echo "FAILED: no page"; exit 1; }

# A person at the keys. What the page saves, and what it shows, goes into #seen.
cat >>"$dir/page.html" <<'SCRIPT'
<pre id="seen"></pre>
<script>
/* Frames by the browser's virtual clock, which does not wait for a screen. */
window.requestAnimationFrame = f => setTimeout(() => f(performance.now()), 50);
const seen = line => { $("seen").textContent += line + "\n"; };
const press = (...all) => all.forEach(key => document.dispatchEvent(new KeyboardEvent("keydown", { key })));
const wait = ms => new Promise(done => setTimeout(done, ms));
const until = async test => { while (!test()) await wait(20); };
window.Blob = class { constructor(parts) { seen("saved:" + parts.join("").replace(/\n/g, "|")); } };
URL.createObjectURL = () => "#";
HTMLAnchorElement.prototype.click = function () { seen("file:" + this.download); };
const shown = () => `${$("n-in").textContent} in, ${$("n-out").textContent} out`;
(async () => {
	press(" ", "+", "+", "+", "+", "+");
	await until(() => clockMs > 1000);
	press("i", "I", "o", "o", "u", "s");
	seen("after keys: " + shown() + ", " + speed + " x");
	await until(() => clockMs > 15000);
	press(" ");
	const stopped = clockMs;
	await wait(300);
	seen("paused: " + (clockMs === stopped));
	press("i");
	seen("one more: " + shown());
	press("ArrowLeft");
	seen("went back: " + shown() + ", by " + Math.round(stopped - clockMs));
	clockMs = 32000;
	press("-");
	seen("gap: " + $("now").textContent.includes("no pictures"));
	seen("before the end: " + $("save").disabled);
	clockMs = 58000;
	press(" ");
	await until(() => clockMs >= endMs);
	press("o", "Backspace", "s");
	seen("end");
})();
</script>
SCRIPT
"$browser" --headless --no-sandbox --disable-gpu --virtual-time-budget=60000 --dump-dom \
	"file://$dir/page.html" >"$dir/dom.html" 2>"$dir/log" ||
	{ echo "the browser does not run: skipped"; exit 77; }
sed -n '/<pre id="seen">/,/<\/pre>/p' "$dir/dom.html" | sed 's/<[^>]*>//g; /^$/d' >"$dir/seen.txt"
cat >"$dir/expected.txt" <<'EXPECTED'
after keys: 2 in, 1 out, 8 x
paused: true
one more: 3 in, 1 out
went back: 2 in, 1 out, by 5000
gap: true
before the end: true
saved:camera,line,start,minutes,stratum,weight,in,out|"cam, left",door,2026-03-14T10:00:00+01:00,1,2,3.5,2,1|
file:door-2026-03-14-1000.csv
end
EXPECTED
if diff "$dir/expected.txt" "$dir/seen.txt"; then
	echo "all as expected"
else
	echo "FAILED: the page did something else"
	exit 1
fi
