/** Ends this process in order when the one that started it is gone: killed, it could pass no signal on. */
export function watchParentProcess(): void {
  const parent = process.ppid
  if (parent === 1) return
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}
