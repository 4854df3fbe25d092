import { optional, string } from './field'

/** What the headers of 5.x requests share: the broker name that the request is meant for. 4.9 ignores it. */
export const TARGET_BROKER = { bname: optional(string) } as const
