import { EventEmitter } from 'node:events'
import { asError } from '../errors'

/** Names of events and the arguments of their listeners. */
export type EventMap<Events> = { [Name in keyof Events]: unknown[] }

/** An `EventEmitter` on which a listener that throws or rejects stops nothing: `onListenerError` hears of it. */
export class SafeEmitter<Events extends EventMap<Events>> extends EventEmitter {
  /** @internal */
  protected onListenerError(_event: string, _error: Error): void {}

  /** Tells every listener, whatever the others do; true where there is one. */
  override emit<Name extends keyof Events & string>(event: Name, ...args: Events[Name]): boolean {
    const listeners = this.rawListeners(event)
    for (const listener of listeners) {
      try {
        const result: unknown = listener.apply(this, args)
        if (result instanceof Promise) result.catch((error: unknown) => this.onListenerError(event, asError(error)))
      } catch (error) {
        this.onListenerError(event, asError(error))
      }
    }
    return listeners.length > 0
  }

  /** Has `listener` told of every such event. */
  override on<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this {
    return super.on(event, listener as (...args: unknown[]) => void)
  }

  /** Has `listener` told of the next such event. */
  override once<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this {
    return super.once(event, listener as (...args: unknown[]) => void)
  }

  /** Takes a listener off again. */
  override off<Name extends keyof Events & string>(event: Name, listener: (...args: Events[Name]) => void): this {
    return super.off(event, listener as (...args: unknown[]) => void)
  }
}
