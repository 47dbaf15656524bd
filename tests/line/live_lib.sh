# SPDX-License-Identifier: Apache-2.0
# live_lib.sh -- for the scripts that run 'footfall run' with cameras; sourced after lib.sh.

here=$(cd "$(dirname "$0")" && pwd)
server='' daemon='' listener='' status_exit=''
limit=${LIVE_LIMIT:-120} # seconds until what is waited for does not come any more
port=$((20000 + $$ % 20000))

# The Python that knows GStreamer is Debian's, which need not be the first one.
python_gst=
for p in python3 /usr/bin/python3; do
	[ -z "$python_gst" ] && "$p" -c 'import gi
gi.require_version("GstRtspServer", "1.0")' 2>/dev/null && python_gst=$p
done

end_all() {
	for p in $server $daemon $listener; do
		kill -CONT "$p" 2>/dev/null
		kill -9 "$p" 2>/dev/null
	done
	rm -rf "$dir"
}
trap end_all EXIT

# small_scene PER_HOUR: a scene that costs little to draw, with so many shoppers, as scene.ini.
small_scene() {
	cp "$scenes/plain.plan.json" "$dir"
	sed "s/^size = .*/size = 320 x 180/; s/^fps = .*/fps = 10/; s/^shoppers = .*/shoppers = $1/
		s/^passers = .*/passers = 0/" "$scenes/plain.ini" >"$dir/scene.ini"
}

# clip FILE WIDTH: a minute of the scene as H.264.
clip() {
	"$footfall" sim "$dir/scene.ini" --seconds 60 --y4m - 2>/dev/null |
		ffmpeg -loglevel error -y -f yuv4mpegpipe -i - -vf "scale=$2:-2" -c:v libx264 \
			-preset ultrafast -g 20 "$1"
}

# serve FILE [LOGIN]: the camera's server is $server.
serve() {
	"$python_gst" "$here/rtsp_server.py" $port "$@" >"$dir/served" 2>&1 &
	server=$!
	wait_text "$dir/served" ready
}

listen_notify() {
	NOTIFY_SOCKET=$dir/notify.sock
	export NOTIFY_SOCKET
	python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode(), flush=True)' "$NOTIFY_SOCKET" >"$dir/notified" &
	listener=$!
	wait_until "[ -S '$NOTIFY_SOCKET' ]" "the listener"
}

# run CONF: the daemon is $daemon.
run() {
	conf=$1
	"$footfall" run --config "$1" 2>>"$dir/log" &
	daemon=$!
	wait_until "'$footfall' status --config '$conf' --json >/dev/null 2>&1 || [ \$? = 1 ]" start
}

stop_daemon() {
	kill $daemon
	wait $daemon
	ended=$?
	daemon=
	[ $ended = 0 ] || {
		fail "the daemon ended with $ended"
		tail -n 20 "$dir/log"
	}
}

# wait_until CONDITION WHAT
wait_until() {
	stop=$(($(date +%s) + limit))
	until eval "$1"; do
		[ "$(date +%s)" -lt $stop ] || {
			fail "$2 did not come within $limit s"
			cat "$dir/status.txt" 2>/dev/null
			tail -n 8 "$dir/log" 2>/dev/null
			finish
		}
		sleep 0.2
	done
}

wait_text() {
	wait_until "grep -q '$2' '$1'" "'$2' in $1"
}

wait_log() {
	wait_text "$dir/log" "$1"
}

# status_of WORDS: "ok", "cameras" (how many), "camera NAME KEY".
status_of() {
	"$footfall" status --config "$conf" --json >"$dir/status.json" 2>/dev/null
	status_exit=$?
	python3 - "$dir/status.json" $1 <<'PY'
import json, sys
try:
    s = json.load(open(sys.argv[1]))
    w = sys.argv[2:]
    if w == ["cameras"]:
        print(len(s["cameras"]))
    elif w[0] == "camera":
        print([c for c in s["cameras"] if c["name"] == w[1]][0][w[2]])
    else:
        print(s[w[0]])
except Exception as e:
    print("none", e)
PY
}

wait_for() {
	wait_until "[ \"\$(status_of '$1')\" = '$2' ]" "'$1' = '$2'"
	"$footfall" status --config "$conf" >"$dir/status.txt" 2>&1
	status_exit=$?
}

says_status() {
	says "$dir/status.txt" "$1"
}

# sum CAMERA: seconds of it that the database has, of today.
sum() {
	sqlite3 "$dir/live.db" "SELECT coalesce(sum(observed_us), 0) / 1e6 FROM cover JOIN run
		ON run.id = cover.run JOIN camera ON camera.id = run.camera
		WHERE camera.name = '$1'" | tail -n 1
}

# wait_for_minute CAMERA: until the database has a whole minute.
wait_for_minute() {
	had=$(sum "$1")
	wait_until "awk \"BEGIN { exit !(\$(sum '$1') > $had) }\"" "a minute of '$1'"
}

# No moment of a camera is in the database twice, and no minute is longer than a minute.
once_each() {
	sqlite3 "$dir/live.db" "SELECT a.minute, ra.camera, a.run, b.run FROM cover a
		JOIN cover b ON a.minute = b.minute AND a.run < b.run
		JOIN run ra ON ra.id = a.run JOIN run rb ON rb.id = b.run AND ra.camera = rb.camera
		WHERE a.from_us < b.to_us AND b.from_us < a.to_us
		UNION ALL SELECT minute, 0, run, observed_us FROM cover WHERE observed_us > 60000000" \
		>"$dir/twice"
	[ -s "$dir/twice" ] && fail "moments that are there twice: $(head -n 5 "$dir/twice")"
}
