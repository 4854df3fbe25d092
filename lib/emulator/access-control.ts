import type { FrameContent } from '../commands/command'
import { RESPONSE_CODES } from '../commands/response-code'
import type { Channel } from '../remoting/channel'
import { SIGNATURE, signature, signedNames, signedText } from '../remoting/signature'
import type { RemotingCommand } from '../wire/remoting-command'
import { type EmulatedAccount, type Need, permits } from './accounts'
import type { EmulatedVersion } from './generation'
import { needsAdmin, needsOf } from './needs'

/** Not signed by clients up to 4.9.3, as which ours presents itself for that; see protocol notes on QUERY_MESSAGE. */
const UNSIGNED = '_UNIQUE_KEY_QUERY'

/** How a generation says no: 4.9 by an exception, 5.x by a code of its own. */
interface Words {
  readonly code: number
  readonly nobody: () => string
  readonly unknown: (accessKey: string) => string
  readonly wrongSignature: (accessKey: string) => string
  readonly notAdmin: (accessKey: string, code: number) => string
  readonly denied: (accessKey: string, need: Need, place: { ip: string; named: boolean }) => string
}

const WORDS: Readonly<Record<EmulatedVersion, Words>> = {
  '4.9': {
    code: RESPONSE_CODES.SYSTEM_ERROR.code,
    nobody: () => exception('No accessKey is configured'),
    unknown: accessKey => exception(`No acl config for ${accessKey}`),
    wrongSignature: accessKey => exception(`Check signature failed for accessKey=${accessKey}`),
    notAdmin: (accessKey, code) =>
      exception(`Need admin permission for request code=${code}, but accessKey=${accessKey} is not`),
    denied: (_accessKey, { kind, name }) => exception(`No default permission for ${kind}:${name}`),
  },
  '5': {
    code: RESPONSE_CODES.NO_PERMISSION.code,
    nobody: () => 'username cannot be null.',
    unknown: accessKey => `User:${accessKey} is not found.`,
    wrongSignature: () => 'check signature failed.',
    notAdmin: accessKey =>
      `User:${accessKey} has no permission to access Cluster:DefaultCluster from 127.0.0.1, no matched policies.`,
    denied: (accessKey, { kind, name }, { ip, named }) => {
      const what = `${kind === 'topic' ? 'Topic' : 'Group'}:${name}`
      const why = named ? 'the decision is deny.' : 'no matched policies.'
      return `User:${accessKey} has no permission to access ${what} from ${ip}, ${why}`
    },
  },
}

/** Checks who sends a request, and what they may do. */
export class AccessControl {
  readonly #accounts: ReadonlyMap<string, EmulatedAccount>
  readonly #words: Words

  constructor(accounts: readonly EmulatedAccount[], version: EmulatedVersion) {
    this.#accounts = new Map(accounts.map(account => [account.accessKey, account]))
    this.#words = WORDS[version]
  }

  /** The answer to a request that is not allowed; undefined where it is. */
  refusal(frame: RemotingCommand, channel: Channel): FrameContent | undefined {
    try {
      const remark = this.#objection(frame, channel)
      return remark === undefined ? undefined : { code: this.#words.code, remark }
    } catch {
      // A body that cannot be read is for its handler to answer.
      return undefined
    }
  }

  #objection(frame: RemotingCommand, channel: Channel): string | undefined {
    const words = this.#words
    const accessKey = frame.extFields?.['AccessKey']
    if (typeof accessKey !== 'string') return words.nobody()
    const account = this.#accounts.get(accessKey)
    if (account === undefined) return words.unknown(accessKey)
    if (!isSignedBy(account, frame)) return words.wrongSignature(accessKey)
    if (account.admin === true) return undefined
    if (needsAdmin(frame)) return words.notAdmin(accessKey, frame.code)
    const ip = channel.address.slice(0, channel.address.lastIndexOf(':'))
    for (const need of needsOf(frame)) {
      const verdict = permits(account, need)
      if (verdict !== 'yes') return words.denied(accessKey, need, { ip, named: verdict === 'denied' })
    }
    return undefined
  }
}

function isSignedBy({ secretKey }: EmulatedAccount, frame: RemotingCommand): boolean {
  const fields = frame.extFields ?? {}
  const names = signedNames(fields).filter(name => name !== UNSIGNED)
  return fields[SIGNATURE] === signature(secretKey, signedText(fields, names), frame.body)
}

function exception(says: string): string {
  return `org.apache.rocketmq.acl.common.AclException: ${says}`
}
