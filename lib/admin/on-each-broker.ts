import { BrokerError, RocketMQError, asError } from '../errors'
import type { BrokerTarget } from './brokers'

/**
 * Does something on several brokers at a time, all of them to the end, and resolves with the results in the order of the
 * brokers. Where some fail it rejects with one error that has the code of the first failure, and names the brokers that
 * failed and those that did not.
 * @param what names the work for that error, such as `creating topic Orders`
 */
export async function onEachBroker<Target extends BrokerTarget, T>(
  targets: readonly Target[],
  what: string,
  work: (target: Target) => Promise<T>,
): Promise<T[]> {
  const outcomes = await Promise.allSettled(targets.map(work))
  const failed: Failure[] = []
  const done: string[] = []
  const results: T[] = []
  outcomes.forEach((outcome, i) => {
    const target = targets[i] as Target
    if (outcome.status === 'rejected') failed.push({ target, error: asError(outcome.reason) })
    else {
      done.push(target.brokerName)
      results.push(outcome.value)
    }
  })
  if (failed.length > 0) throw together(what, failed, done)
  return results
}

interface Failure {
  readonly target: BrokerTarget
  readonly error: Error
}

function together(what: string, failed: readonly Failure[], done: readonly string[]): Error {
  const [{ error: first, target }] = failed as [Failure]
  // No broker is at fault where the caller gave up.
  if (!RocketMQError.is(first) || first.code === 'ABORTED') return first
  const reasons = failed.map(({ target: { brokerName }, error }) => `${brokerName}: ${error.message}`).join('; ')
  const rest = done.length === 0 ? '' : `; done on ${done.join(', ')}`
  const says = `${what} failed on ${reasons}${rest}`
  const options = {
    retriable: failed.every(({ error }) => RocketMQError.is(error) && error.retriable),
    cause:
      failed.length === 1
        ? first
        : new AggregateError(
            failed.map(({ error }) => error),
            says,
          ),
    brokerName: target.brokerName,
    address: target.address,
    ...(first.command === undefined ? {} : { command: first.command }),
  }
  return BrokerError.is(first)
    ? new BrokerError(first.responseCode, first.remark, says, { ...options, code: first.code })
    : new RocketMQError(first.code, says, options)
}
