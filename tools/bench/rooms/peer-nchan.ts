import { hasNginx, type Nginx, startNginx } from './nginx.ts'

const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'

/** Whether Debian's nginx with nchan is on this machine. */
export function hasNchan(): boolean {
  return hasNginx(MODULE)
}

const configOf = (folder: string, port: number) => `
load_module ${MODULE};
events { worker_connections 19000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
  nchan_shared_memory_size 256m;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    tcp_nodelay on;
    location = /sub { nchan_subscriber websocket; nchan_channel_id room; nchan_subscriber_first_message newest; }
    location = /pub { nchan_publisher http; nchan_channel_id room; nchan_message_buffer_length 100; nchan_message_timeout 10s; }
  }
}
`

/** nginx with nchan and one worker, on the core of the servers. */
export function startNchan(port: number): Promise<Nginx> {
  return startNginx('nchan', port, (folder) => configOf(folder, port))
}
