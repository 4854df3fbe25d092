import { RocketMQError } from '../errors'
import { type OptionNames, checkedFlag } from '../model/option-checks'
import type { CallOptions } from '../remoting/remoting-client'
import { withAnySignal } from '../runtime/any-signal'
import { withDeadline } from '../runtime/deadline'
import { backoffMs } from '../runtime/random'
import { checkCallOptions, checkedMs } from './checked-options'
import type { ClientInstance } from './client-instance'
import type { Member } from './member'

/** How long a start may take, and what to do while no name server answers. */
export interface StartOptions {
  /** Limit of the whole start, ms; default 10000. What had been taken is given back within a second more. */
  readonly timeoutMs?: number
  /** Ends the start with ABORTED; what was begun is undone. */
  readonly signal?: AbortSignal
  /** Keep trying until the time is up where no name server can be reached; default is to fail at once. */
  readonly waitForNameServer?: boolean
}

const START_OPTIONS: OptionNames<StartOptions> = { timeoutMs: true, signal: true, waitForNameServer: true }
const DEFAULT_START_MS = 10_000
const RETRY_FIRST_MS = 200
const RETRY_LAST_MS = 2000

/**
 * Takes a member into its client, tells the brokers, and runs the rest of its start, within the time given.
 * @throws RocketMQError NO_NAME_SERVER, START_TIMEOUT, ABORTED, INVALID_ARGUMENT
 */
export async function startMember(
  client: ClientInstance,
  member: Member,
  options: StartOptions,
  rest: (call: CallOptions) => Promise<void>,
): Promise<void> {
  checkCallOptions(options, START_OPTIONS, 'the options of start')
  const waits = checkedFlag('waitForNameServer', options.waitForNameServer, false)
  const timeoutMs = checkedMs('timeoutMs', options.timeoutMs ?? DEFAULT_START_MS)
  const abort = new AbortController()
  const work = async (signal: AbortSignal): Promise<void> => {
    const call = { signal }
    await (waits ? joinWhenReachable(client, member, call) : client.join(member, call))
    if (member.kind !== 'admin') await client.announce(call)
    await rest(call)
  }
  try {
    await withDeadline(withAnySignal([abort.signal, options.signal], work), {
      clock: client.clock,
      timeoutMs,
      signal: options.signal,
      onTimeout: () =>
        new RocketMQError('START_TIMEOUT', `${member.kind} ${member.group} did not start within ${timeoutMs} ms`),
    })
  } finally {
    abort.abort()
  }
}

async function joinWhenReachable(client: ClientInstance, member: Member, call: { signal: AbortSignal }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await client.join(member, call)
      return
    } catch (error) {
      if (!RocketMQError.is(error) || error.code !== 'NO_NAME_SERVER') throw error
      await client.clock.sleep(backoffMs(attempt, RETRY_FIRST_MS, RETRY_LAST_MS), call.signal)
    }
  }
}
