import type { RequestModeChange } from '../../commands/pop'

/** How groups get the messages of topics, where an administrator has said so (Java `MessageRequestModeManager`). */
export class RequestModes {
  readonly #modes = new Map<string, Map<string, RequestModeChange>>()

  get(topic: string, group: string): RequestModeChange | undefined {
    return this.#modes.get(topic)?.get(group)
  }

  set(mode: RequestModeChange): void {
    let groups = this.#modes.get(mode.topic)
    if (groups === undefined) this.#modes.set(mode.topic, (groups = new Map<string, RequestModeChange>()))
    groups.set(mode.consumerGroup, mode)
  }
}
