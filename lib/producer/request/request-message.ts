import { PROPERTY } from '../../model/property-names'
import type { PreparedMessage } from '../../sending/prepared-message'
import { appendProperty } from '../../wire/properties'

/** The message as it is sent to be replied to. */
export function asRequest(
  prepared: PreparedMessage,
  { correlationId, clientId, timeoutMs }: { correlationId: string; clientId: string; timeoutMs: number },
): PreparedMessage {
  let properties = appendProperty(prepared.properties, PROPERTY.CORRELATION_ID, correlationId)
  properties = appendProperty(properties, PROPERTY.REPLY_TO_CLIENT, clientId)
  properties = appendProperty(properties, PROPERTY.TTL, String(Math.ceil(timeoutMs)))
  return { ...prepared, properties }
}
