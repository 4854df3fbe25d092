import type { Broker } from '../broker'
import { refusal } from '../refusal'

/** What forbade a pull, as 5.x tells it. */
const FORBIDDEN_BY = { GROUP: '2', TOPIC: '3', BROADCASTING: '4' } as const

export function forbidden({ generation }: Broker, by: keyof typeof FORBIDDEN_BY, remark: string): Error {
  return refusal('NO_PERMISSION', remark, generation.pulls.flags ? { forbiddenType: FORBIDDEN_BY[by] } : undefined)
}
