import { javaSplit } from './java-text'

/** The machine room of a broker that is named `room@broker`, or undefined for brokers named otherwise. */
export function machineRoomOf(brokerName: string): string | undefined {
  const [room, broker, more] = javaSplit(brokerName, '@')
  return broker === undefined || more !== undefined ? undefined : room
}
