/** The place of a send among those of its lanes. */
export interface Turn {
  /** One before it has failed and has no outcome yet: it must not be tried before that. */
  readonly isHeldUp: boolean
  /**
   * Its try has failed, or it is held up: resolves when all sends before it have their outcome. Those that come from now on
   * are held up.
   */
  first(): Promise<void>
  /** It has its outcome. */
  leave(): void
}

interface Place {
  /** Undefined while the first try is under way. */
  wake: (() => void) | undefined
}

interface Lane {
  readonly name: string
  readonly places: Set<Place>
  /** Places that wait to be the first. */
  waiting: number
}

/** Sends of a lane whose tries fail come into the spool in the order in which they were made. */
export class Turns {
  readonly #lanes = new Map<string, Lane>()

  /** Takes a place in each of the lanes. */
  enter(names: readonly string[]): Turn {
    const place: Place = { wake: undefined }
    const lanes = names.map(name => this.#lane(name))
    const isHeldUp = lanes.some(({ waiting }) => waiting > 0)
    for (const { places } of lanes) places.add(place)
    return {
      isHeldUp,
      first: () => first(place, lanes),
      leave: () => {
        for (const lane of lanes) this.#leave(lane, place)
      },
    }
  }

  #lane(name: string): Lane {
    let lane = this.#lanes.get(name)
    if (lane === undefined) this.#lanes.set(name, (lane = { name, places: new Set(), waiting: 0 }))
    return lane
  }

  #leave(lane: Lane, place: Place): void {
    if (!lane.places.delete(place)) return
    if (place.wake !== undefined) lane.waiting--
    if (lane.places.size === 0) this.#lanes.delete(lane.name)
    else if (lane.waiting > 0) firstOf(lane)?.wake?.()
  }
}

function first(place: Place, lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes) if (place.wake === undefined) lane.waiting++
  return new Promise(resolve => {
    place.wake = () => {
      if (lanes.every(lane => firstOf(lane) === place)) resolve()
    }
    place.wake()
  })
}

function firstOf({ places }: Lane): Place | undefined {
  const [place] = places
  return place
}
