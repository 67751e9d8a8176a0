import type { KeyObject } from 'node:crypto'
import { randomBytes } from 'node:crypto'
import { APIError, betterAuth } from 'better-auth'
import { phoneNumber } from 'better-auth/plugins'
import type { Config } from '../platform/config.ts'
import type { Database } from '../platform/database.ts'
import type { Log } from '../platform/log.ts'

const PASSWORD_LENGTH_MIN = 8
const PASSWORD_LENGTH_MAX = 128
const SESSION_LIFETIME_S = 30 * 86_400
/** A session in use is prolonged once a day. */
const SESSION_RENEWAL_S = 86_400

/** better-auth wants an email of everybody. RFC 2606 keeps .invalid free of real addresses. */
const NO_EMAIL = '@phone.invalid'
/** Whoever has no email gets null and not an invented address; better-auth's types know no null there. */
const WITHOUT_EMAIL = { email: null } as unknown as Record<string, never>

export interface AuthEngineOptions {
  readonly config: Config
  readonly db: Database
  readonly log: Log
  /** Key of the session token's signature. */
  readonly key: KeyObject
  /** Uses up a phone's code or throws the refusal. */
  checkCode(phone: string, code: string): Promise<void>
}

/**
 * better-auth as the keeper of users, accounts, passwords and sessions. It is called as a library by the commands of this
 * slice and has no address of its own: our route table validates, limits and answers.
 */
export function createAuthEngine({ config, db, log, key, checkCode }: AuthEngineOptions) {
  return betterAuth({
    baseURL: config.publicUrl,
    basePath: '/api/auth',
    secret: key.export().toString('base64url'),
    database: db.pool,
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      // Messages only: what comes with them may hold an email or a phone.
      log: (_level, message) => log.error({ source: 'better-auth' }, message),
    },
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      additionalFields: {
        locale: { type: 'string', required: false },
        demo: { type: 'boolean', required: false, input: false },
      },
    },
    session: {
      modelName: 'sessions',
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      expiresIn: SESSION_LIFETIME_S,
      updateAge: SESSION_RENEWAL_S,
    },
    account: {
      modelName: 'accounts',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'verifications',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
    },
    plugins: [
      phoneNumber({
        schema: { user: { fields: { phoneNumber: 'phone', phoneNumberVerified: 'phone_verified' } } },
        // Codes are sent, kept and limited by this slice, because better-auth keeps them readable and counts no sends.
        sendOTP: () => {
          throw new Error('codes are sent by send-code.ts')
        },
        verifyOTP: async ({ phoneNumber: phone, code }) => {
          await checkCode(phone, code)
          return true
        },
        signUpOnVerification: {
          getTempEmail: () => `${randomBytes(9).toString('hex')}${NO_EMAIL}`,
          getTempName: (phone) => `用户${phone.slice(-4)}`,
        },
      }),
    ],
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({ data: user.email.endsWith(NO_EMAIL) ? WITHOUT_EMAIL : {} }),
        },
      },
      session: {
        create: {
          before: async (session, context) => {
            const user = await context?.context.internalAdapter.findUserById(session.userId)
            if (user && 'demo' in user && user.demo === true && !config.demo)
              throw new APIError('FORBIDDEN', { code: 'DEMO_ACCOUNT' })
            return { data: { ...session, userAgent: session.userAgent?.slice(0, 200) ?? null } }
          },
        },
      },
    },
    advanced: {
      cookiePrefix: 'chunbo',
      useSecureCookies: config.publicUrl.startsWith('https:'),
      database: { generateId: 'serial' },
      ipAddress: { disableIpTracking: true },
    },
  })
}

export type AuthEngine = ReturnType<typeof createAuthEngine>
