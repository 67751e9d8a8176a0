/** `npm run check`: the quick part of `npm test` that needs neither a database nor a browser. */
import { runTests } from './test.ts'

await runTests(['biome', 'types', 'web-types', 'knip', 'rules'])
