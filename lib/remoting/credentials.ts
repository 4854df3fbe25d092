import { RocketMQError } from '../errors'

/** What requests are signed with. */
export interface Credentials {
  /** Name of the account; brokers from 5.3 call it the user. */
  readonly accessKey: string
  /** The secret that requests are signed with; it is never sent. */
  readonly secretKey: string
  /** Of keys that are lent for a time (STS). */
  readonly securityToken?: string
  /**
   * When the keys end, as a Date or ms since 1970: new ones are asked for before. Only keys of a provider can be renewed;
   * left out, they are asked for anew when a server refuses them.
   */
  readonly expiresAt?: Date | number
}

/** Gives the keys of now. Asked at the first request, when keys are about to end, and when a server refuses them. */
export type CredentialsProvider = () => Promise<Credentials>

/**
 * Messages name the field and never its value.
 * @throws RocketMQError INVALID_ARGUMENT
 */
export function checkCredentials(credentials: unknown): asserts credentials is Credentials {
  if (typeof credentials !== 'object' || credentials === null)
    throw invalid('credentials must be { accessKey, secretKey } or a function that resolves with such')
  const { accessKey, secretKey, securityToken } = credentials as Record<string, unknown>
  checkText('accessKey', accessKey)
  checkText('secretKey', secretKey)
  if (securityToken !== undefined) checkText('securityToken', securityToken)
  if (Number.isNaN(expiryOf(credentials as Credentials)))
    throw invalid('credentials.expiresAt must be a Date or milliseconds since 1970')
}

/** When the keys end, ms since 1970. */
export function expiryOf({ expiresAt = Infinity }: Credentials): number {
  return Number(expiresAt)
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw invalid(`credentials.${name} must be a text that is not empty`)
}

function invalid(message: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', message)
}
