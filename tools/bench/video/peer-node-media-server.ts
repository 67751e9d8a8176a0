/** The peer for HTTP-FLV, in a process of its own: node-media-server with nothing but RTMP in and FLV out. */
import NodeMediaServer from 'node-media-server'
import { answerParent } from '../rooms/child-link.ts'

// It tells of every session on the console.
for (const name of ['log', 'info', 'debug', 'warn'] as const) console[name] = () => {}

answerParent({
  listen: ({ rtmpPort, httpPort, folder }: { rtmpPort: number; httpPort: number; folder: string }) =>
    new NodeMediaServer({
      bind: '127.0.0.1',
      store: { path: folder },
      auth: { play: false, publish: false, secret: '', jwt: { secret: 'of no use here', users: [] } },
      rtmp: { port: rtmpPort },
      http: { port: httpPort },
      webadmin: { enable: false },
      record: { auto: false, path: folder },
    }).run(),
})
