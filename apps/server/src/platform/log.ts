import pino, { type Logger } from 'pino'

export type Log = Logger

/**
 * JSON lines on stderr, so that what `npm start` says to people stays readable on stdout. Bodies, queries, cookies and
 * addresses never reach a log line; what could carry personal data under these names is cut out as a second guard.
 */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'phone',
          'email',
          'address',
          'password',
          'code_sent',
          'cookie',
          '*.phone',
          '*.email',
          '*.address',
          '*.password',
          '*.cookie',
        ],
        remove: true,
      },
      serializers: { err: pino.stdSerializers.err },
    },
    pino.destination({ fd: 2, sync: false }),
  )
}
