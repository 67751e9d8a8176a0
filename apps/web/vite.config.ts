import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = process.env.CHUNBO_SERVER ?? 'http://localhost:4870'

/**
 * Every area (shop, live, studio, desk) is a lazy route, so the bundler splits by area by itself; what two areas share
 * becomes a chunk of its own. The budgets in src/budget.test.ts hold the outcome.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [vue()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    // The produce sheet is used by address (sheet.svg#pod), so it must stay a file of its own.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  server: {
    port: 4800,
    proxy: {
      '/api': { target: server, ws: true },
      '/media': { target: server },
    },
  },
})
