import type { ResolvedClientOptions } from '../client/client-options'
import type { MessageModel } from '../model/consumer-types'

/** Offset files of broadcasting are found again by the client id, so it must not change from start to start, as in Java. */
export function withStableId(client: ResolvedClientOptions, messageModel: MessageModel): ResolvedClientOptions {
  const needsStable = messageModel === 'BROADCASTING' && client.instanceName === undefined
  return needsStable ? { ...client, instanceName: 'DEFAULT' } : client
}
