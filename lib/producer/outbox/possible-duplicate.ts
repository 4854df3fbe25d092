import type { PreparedMessage } from '../../sending/prepared-message'
import { appendProperty } from '../../wire/properties'

/** Property, `'true'`, of a message of the outbox that a broker may have stored before, with the same unique id. */
export const POSSIBLE_DUPLICATE = 'ROCKETWIRE_POSSIBLE_DUPLICATE'

/** The message with the mark. Of a batch each message would have to carry it. */
export function markedAsPossibleDuplicate(prepared: PreparedMessage): PreparedMessage {
  return { ...prepared, properties: appendProperty(prepared.properties, POSSIBLE_DUPLICATE, 'true') }
}
