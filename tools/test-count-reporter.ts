/** Reporter for `node --test` that writes one object: how many tests passed and failed. A skipped test has failed. */
import type { TestEvent } from 'node:test/reporters'

export default async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // A summary without a file is the one of the whole run.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue
    const { tests, passed } = event.data.counts
    yield JSON.stringify({ passed, failed: tests - passed })
  }
}
