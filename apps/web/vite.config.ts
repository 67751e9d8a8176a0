import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const server = process.env.CHUNBO_SERVER ?? 'http://localhost:4870'

/**
 * Every area (shop, live, studio, desk) is a lazy route, so the bundler splits by area by itself; the framework and the parts
 * that all areas share are a file each. The budgets in src/budget.test.ts hold the outcome.
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
    rolldownOptions: {
      // Schemas are made by calls that the bundler cannot see to be pure; named here, those that no page uses fall away.
      treeshake: { manualPureFunctions: ['Type', 'exact', 'text', 'nullable', 'page', 'oneOf'] },
      output: {
        // A page is a handful of files, not forty: on a slow line every round trip is felt.
        codeSplitting: {
          groups: [
            { name: 'vue', test: /node_modules[\\/](?:@vue|vue|vue-router)[\\/]/ },
            { name: 'schemas', test: /node_modules[\\/]typebox[\\/]/ },
            {
              name: 'ui',
              test: /[\\/]src[\\/](?:ui|i18n)[\\/]|[\\/]contract[\\/]src[\\/](?:basics|catalogue|mass|money|place-name|room-events|room-view)\.ts/,
            },
          ],
        },
      },
    },
  },
  server: {
    port: 4800,
    proxy: {
      '/api': { target: server, ws: true },
      '/media': { target: server },
    },
  },
})
