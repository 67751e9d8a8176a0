import type { GrantInput } from '@chunbo/contract'
import type { Static } from 'typebox'
import type { Actor } from '../platform/session.ts'
import type { Platform, Slice } from '../platform/slice.ts'
import { createAuthEngine } from './auth-engine.ts'
import { deriveKey, loadAuthSecret } from './auth-secret.ts'
import { checkCode } from './check-code.ts'
import { type CodeSender, demoCodeSender } from './code-sender.ts'
import type { IdentityContext } from './context.ts'
import './errors.ts'
import { allows, type HeldGrant, type Need } from './grant.ts'
import { createGrantBook } from './grant-book.ts'
import { grantRole } from './grant-role.ts'
import { identityJobs } from './jobs.ts'
import { makeFirstOperator } from './make-first-operator.ts'
import { type Person, registerPerson } from './register-person.ts'
import { type CookieBearer, resolveActor } from './resolve-actor.ts'
import { identityRoutes } from './routes.ts'
import { createPassChecker } from './session-pass.ts'
import { createWhoRules, requireOneOf, type WhoRules } from './who.ts'

export type { CodeSender } from './code-sender.ts'
export { isInForce } from './grant.ts'
export { maskPhone, normalisePhone } from './phone.ts'
export { signSessionCookie } from './session-pass.ts'

/** The slice, and what the others ask of it. */
export interface Identity extends Slice {
  readonly who: WhoRules
  /** What stream keys are signed with. It opens nothing by itself: a signature only says that a key was made here. */
  readonly streamKeySecret: Buffer
  /** Who opens a socket, by the cookies of its upgrade request; null for a stranger. Reads the database at most once in five minutes. */
  resolveActor(request: CookieBearer): Promise<Actor | null>
  /** Whether a user holds one of the needs now; an operator always does. */
  may(userId: number, ...needs: readonly Need[]): Promise<boolean>
  /** The same as a condition of a command. @throws Refusal identity.not_allowed */
  require(userId: number, ...needs: readonly Need[]): Promise<void>
  /** Grants of a user that were not taken back; isInForce decides about each. */
  grantsOf(userId: number): Promise<readonly HeldGrant[]>
  /** Makes a user with a password, or finds the one who has the email; for the demo world and for tests. */
  register(person: Person): Promise<number>
  /** Makes the first operator of an installation; does nothing, and gives false, when there is one. */
  makeFirstOperator(email: string, password: string): Promise<boolean>
  /** Gives a role in the name of the installation; for the demo world and for tests. Gives the grant's id. */
  grant(input: Static<typeof GrantInput>): Promise<number>
}

/**
 * Builds the slice. Without a code sender the demonstration shows the codes on a page, and any other installation
 * refuses to sign in by phone with a clear problem.
 */
export async function createIdentity(platform: Platform, options: { codeSender?: CodeSender } = {}): Promise<Identity> {
  const { config, db, clock, log } = platform
  const secret = await loadAuthSecret(config)
  const passKey = deriveKey(secret, 'pass')
  const context: IdentityContext = {
    config,
    db,
    clock,
    log,
    passKey,
    hashKey: deriveKey(secret, 'hash'),
    passes: createPassChecker(passKey),
    grants: createGrantBook(db, () => clock.now().getTime()),
    codeSender: options.codeSender ?? (config.demo ? demoCodeSender(db, () => clock.now()) : null),
    engine: createAuthEngine({
      config,
      db,
      log,
      key: deriveKey(secret, 'better-auth'),
      checkCode: (phone, code) => checkCode(context, phone, code),
    }),
  }
  const who = createWhoRules(context)
  return {
    name: 'identity',
    routes: identityRoutes(context, who),
    jobs: identityJobs(context),
    who,
    streamKeySecret: deriveKey(secret, 'stream-key').export(),
    resolveActor: (request) => resolveActor(context, request),
    may: async (userId, ...needs) => allows(await context.grants.of(userId), needs, clock.now()),
    require: (userId, ...needs) => requireOneOf(context, userId, needs),
    grantsOf: (userId) => context.grants.of(userId),
    register: (person) => registerPerson(context, person),
    makeFirstOperator: (email, password) => makeFirstOperator(context, email, password),
    grant: (input) => grantRole(context, input, null),
  }
}
