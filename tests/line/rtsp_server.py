# SPDX-License-Identifier: Apache-2.0
"""rtsp_server.py -- a camera: plays a file to whoever connects, each time from its beginning.

usage: rtsp_server.py PORT FILE [USER:PASSWORD]

rtsp://127.0.0.1:PORT/cam. Says "ready", and "play T" for each connection, T in seconds since
1970.
"""
import sys
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


def say(text):
    print(text, flush=True)


def configured(_factory, media):
    def state(_media, new):
        if new == int(Gst.State.PLAYING):
            say(f"play {time.time():.3f}")

    media.connect("new-state", state)


def protect(server, factory, login):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(*login.split(":", 1)), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    port, path = sys.argv[1:3]
    Gst.init(None)
    parse = "h265parse ! rtph265pay" if path.endswith(".265.mp4") else "h264parse ! rtph264pay"
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f'( filesrc location="{path}" ! qtdemux ! {parse} config-interval=-1 name=pay0 )')
    factory.connect("media-configure", configured)
    if len(sys.argv) > 3:
        protect(server, factory, sys.argv[3])
    server.get_mount_points().add_factory("/cam", factory)
    if not server.attach(None):
        sys.exit(f"cannot listen at port {port}")
    say("ready")
    GLib.MainLoop().run()


main()
