import { RocketMQError } from '../errors'
import { brokerTopicProblem } from '../model/validators'
import { parseAddress } from '../remoting/address'
import type { BrokerScope } from './brokers'

/** Throws INVALID_TOPIC for what no broker can have; retry and dead-letter topics may be longer than others. */
export function checkStoredTopic(topic: unknown): asserts topic is string {
  const problem = typeof topic === 'string' ? brokerTopicProblem(topic) : 'it must be text'
  if (problem !== undefined)
    throw new RocketMQError('INVALID_TOPIC', `topic '${String(topic).slice(0, 160)}': ${problem}`)
}

/** Throws INVALID_ARGUMENT where a scope is none. */
export function checkScope({ clusterName, brokerAddress }: BrokerScope): void {
  if (clusterName !== undefined && brokerAddress !== undefined)
    throw new RocketMQError('INVALID_ARGUMENT', 'clusterName and brokerAddress exclude each other: give one of them')
  if (clusterName !== undefined) checkText('clusterName', clusterName)
  if (brokerAddress !== undefined) parseAddress(brokerAddress)
}

/** Throws INVALID_ARGUMENT unless the value is text that is not empty. */
export function checkText(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string' || value === '')
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `${name} is ${JSON.stringify(value)}; it must be text that is not empty`,
    )
}

/** Throws INVALID_ARGUMENT unless the value is one of the names. */
export function checkOneOf(name: string, value: unknown, names: readonly unknown[]): void {
  if (!names.includes(value))
    throw new RocketMQError(
      'INVALID_ARGUMENT',
      `${name} is ${JSON.stringify(value)}; it must be one of ${names.join(', ')}`,
    )
}
