import { RocketMQError } from '../errors'

/** What an account may do with a topic or group. */
export type EmulatedPermission = 'DENY' | 'PUB' | 'SUB' | 'PUB|SUB'

/** An account of the emulator's brokers, in the words of `plain_acl.yml`. */
export interface EmulatedAccount {
  /** Names the account. */
  readonly accessKey: string
  /** What its requests are signed with. */
  readonly secretKey: string
  /** May do everything; default false. */
  readonly admin?: boolean
  /** For topics that `topicPerms` does not name; default DENY. */
  readonly defaultTopicPerm?: EmulatedPermission
  /** For groups that `groupPerms` does not name; default DENY. */
  readonly defaultGroupPerm?: EmulatedPermission
  /** What it may do with topics, by name. */
  readonly topicPerms?: Readonly<Record<string, EmulatedPermission>>
  /** What it may do with groups, by name. */
  readonly groupPerms?: Readonly<Record<string, EmulatedPermission>>
}

/** What a request does with which topic or group. */
export interface Need {
  readonly kind: 'topic' | 'group'
  readonly name: string
  readonly perm: 'PUB' | 'SUB'
}

const PERMISSIONS: ReadonlySet<unknown> = new Set<EmulatedPermission>(['DENY', 'PUB', 'SUB', 'PUB|SUB'])

/** Whether an account may do that, and whether it is named in what forbids it. */
export function permits(account: EmulatedAccount, { kind, name, perm }: Need): 'yes' | 'no policy' | 'denied' {
  if (account.admin === true) return 'yes'
  const [named, other] =
    kind === 'topic' ? [account.topicPerms, account.defaultTopicPerm] : [account.groupPerms, account.defaultGroupPerm]
  const own = named !== undefined && Object.hasOwn(named, name) ? named[name] : undefined
  const given = own ?? other ?? 'DENY'
  if (given.split('|').includes(perm)) return 'yes'
  return own === undefined ? 'no policy' : 'denied'
}

/** @throws RocketMQError INVALID_ARGUMENT, without the secret */
export function checkedAccounts(accounts: readonly EmulatedAccount[]): readonly EmulatedAccount[] {
  const names = new Set<unknown>()
  for (const account of accounts) {
    const { accessKey, secretKey, defaultTopicPerm, defaultGroupPerm, topicPerms, groupPerms } = account
    if (!isText(accessKey) || !isText(secretKey) || names.has(accessKey))
      throw invalid('each of accounts needs an accessKey of its own and a secretKey')
    names.add(accessKey)
    const given = [defaultTopicPerm, defaultGroupPerm, ...Object.values({ ...topicPerms, ...groupPerms })]
    if (given.some(perm => perm !== undefined && !PERMISSIONS.has(perm)))
      throw invalid(`permissions of account ${accessKey} must be DENY, PUB, SUB or PUB|SUB`)
  }
  return accounts
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

function invalid(message: string): RocketMQError {
  return new RocketMQError('INVALID_ARGUMENT', message)
}
