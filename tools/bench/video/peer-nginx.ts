import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasNginx, type Nginx, startNginx } from '../rooms/nginx.ts'

const RTMP_MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so'

export { hasNginx }

export const hasNginxRtmp = () => hasNginx(RTMP_MODULE)

const httpOf = (folder: string, server: string) => `
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  keepalive_timeout 600;
  types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s; video/mp2t ts; }
  server { ${server} }
}
`

/** nginx giving files as fast as it can: no log, open files remembered, the kernel sends. */
export async function startFileNginx(port: number, files: ReadonlyMap<string, Buffer>): Promise<Nginx> {
  const server = (folder: string) => `
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder}/files;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    open_file_cache max=200 inactive=10m;
    open_file_cache_valid 10m;
  `
  const nginx = await startNginx(
    'files',
    port,
    (folder) => `events { worker_connections 19000; }\n${httpOf(folder, server(folder))}`,
  )
  await mkdir(join(nginx.folder, 'files'))
  for (const [name, bytes] of files) await writeFile(join(nginx.folder, 'files', name), bytes)
  return nginx
}

/** nginx-rtmp as its manual sets up HLS, with the segments and the list as long as ours. */
export function startRtmpNginx(rtmpPort: number, port: number): Promise<Nginx> {
  return startNginx(
    'rtmp',
    port,
    (folder) => `load_module ${RTMP_MODULE};
events { worker_connections 1000; }
rtmp {
  server {
    listen 127.0.0.1:${rtmpPort};
    application live { live on; hls on; hls_path ${folder}/hls; hls_fragment 2s; hls_playlist_length 12s; }
  }
}
${httpOf(folder, `listen 127.0.0.1:${port}; root ${folder}; add_header Access-Control-Allow-Origin *; add_header Cache-Control no-cache;`)}`,
  )
}
