import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface GstShape {
  seconds: number
  sink: 'rtmpsink' | 'rtmp2sink'
  url: string
}

const rate = 25
const soundSamples = 1024

/** Publishes a drawn picture and a tone with the real GStreamer, in real time. Gives its exit code and what it said. */
export async function publishWithGstreamer({
  seconds,
  sink,
  url,
}: GstShape): Promise<{ code: number | null; said: string }> {
  const frames = seconds * rate
  const sounds = Math.ceil((seconds * 44_100) / soundSamples)
  const pipeline = [
    `videotestsrc is-live=true num-buffers=${frames} pattern=ball ! video/x-raw,width=320,height=180,framerate=${rate}/1`,
    `! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=${rate} bitrate=500`,
    '! video/x-h264,profile=main ! h264parse ! queue ! mux.',
    `audiotestsrc is-live=true num-buffers=${sounds} samplesperbuffer=${soundSamples} ! audio/x-raw,rate=44100,channels=1`,
    '! voaacenc ! aacparse ! queue ! mux.',
    `flvmux name=mux streamable=true ! ${sink} location=${url}`,
  ]
  const child = spawn('gst-launch-1.0', ['-q', ...pipeline.join(' ').split(' ')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}
