import type { ClientInstance } from '../client/client-instance'
import type { ConsumeType } from '../model/consumer-types'

/** What a consumer tells of itself, by name; those that RocketMQ's tools look at begin with `PROP_`. */
export type RunningProperties = Readonly<Record<string, string | number | boolean>>

/** What all consumers tell of themselves. `startedAt`: wall time, ms. */
export function runningProperties(
  nameServers: ClientInstance['nameServers']['addresses'],
  consumeType: ConsumeType,
  startedAt: number,
): RunningProperties {
  return {
    PROP_NAMESERVER_ADDR: nameServers.map(address => `${address};`).join(''),
    PROP_CONSUME_TYPE: consumeType,
    PROP_CLIENT_VERSION: `rocketwire on Node.js ${process.version}`,
    PROP_CONSUMER_START_TIMESTAMP: startedAt,
  }
}

/** As it travels: all values are text. */
export function propertyTexts(properties: RunningProperties): ReadonlyMap<string, string> {
  return new Map(Object.entries(properties).map(([name, value]) => [name, String(value)]))
}
