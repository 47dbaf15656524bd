/* stage.js -- what the pages share: the data, time, outlines on a canvas. */
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const frames = data.frames, stage = $("stage"), pen = stage.getContext("2d");
let plate = null, scale = 1;

const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const two = n => String(n).padStart(2, "0");
function time(ms) {
	const t = Math.round((data.clock * 1000 + ms) / 100), s = Math.floor(t / 10);
	return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${t % 10}`;
}

function path(outline) {
	let x = 0, y = 0;
	for (let i = 0; i < outline.length; i += 2) {
		x += outline[i];
		y += outline[i + 1];
		i ? pen.lineTo(x, y) : pen.moveTo(x, y);
	}
	pen.closePath();
}
function drawBodies(outlines, over) {
	pen.beginPath();
	outlines.forEach(path);
	pen.fillStyle = over ? "#0b2f57" : css("--body");
	pen.globalAlpha = over ? 0.6 : 1;
	pen.fill("evenodd");
	pen.globalAlpha = 1;
}
function label(text, x, y, fill) {
	pen.font = `${12 / scale}px system-ui, sans-serif`;
	const w = pen.measureText(text).width + 6 / scale, h = 15 / scale;
	x = Math.min(Math.max(0, x), data.w - w);
	y = Math.min(Math.max(h, y), data.h);
	pen.fillStyle = fill;
	pen.fillRect(x, y - h, w, h);
	pen.fillStyle = "#fff";
	pen.strokeStyle = "#000";
	pen.lineWidth = 2.5 / scale;
	pen.strokeText(text, x + 3 / scale, y - 4 / scale);
	pen.fillText(text, x + 3 / scale, y - 4 / scale);
}
/* Makes the canvas as large as it is shown, in the data's pixels, and empty. */
function clear() {
	const ratio = window.devicePixelRatio || 1, wide = stage.clientWidth;
	const w = Math.round(wide * ratio), h = Math.round(wide * data.h / data.w * ratio);
	if (stage.width !== w || stage.height !== h) {
		stage.width = w;
		stage.height = h;
	}
	pen.setTransform(w / data.w, 0, 0, h / data.h, 0, 0);
	scale = wide / data.w;
	pen.clearRect(0, 0, data.w, data.h);
}
function loadPlate(then) {
	plate = new Image();
	plate.onload = then;
	plate.src = "data:image/png;base64," + data.plate;
}
/* The last frame that is not after ms. */
function find(ms) {
	let lo = 0, hi = frames.length - 1;
	while (lo < hi) {
		const mid = (lo + hi + 1) >> 1;
		frames[mid][0] <= ms ? lo = mid : hi = mid - 1;
	}
	return lo;
}
