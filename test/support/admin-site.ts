import { AdminClient } from '../../lib/admin/admin-client'
import type { ClientOptions } from '../../lib/client/client-options'
import type { CommandName, RequestNamed } from '../../lib/emulator/controls'
import type { Emulator, EmulatorOptions } from '../../lib/emulator/index'
import { EmulatorSite } from './emulator-site'

/** A request as a server of the emulator got it. */
export interface SeenRequest<N extends CommandName> {
  /** Undefined on a name server. */
  readonly broker: string | undefined
  readonly request: RequestNamed<N>
}

/** An emulator and an admin client of it. */
export class AdminSite {
  readonly admin: AdminClient
  readonly frames: EmulatorSite

  private constructor(frames: EmulatorSite, admin: AdminClient) {
    this.frames = frames
    this.admin = admin
  }

  static async start(options: EmulatorOptions = {}, client: ClientOptions = {}): Promise<AdminSite> {
    const frames = await EmulatorSite.start(options)
    const { clock } = options
    const advanced = clock === undefined ? {} : { clock }
    const admin = new AdminClient({ namesrvAddr: frames.emulator.namesrvAddr, advanced, ...client })
    await admin.start()
    return new AdminSite(frames, admin)
  }

  get emulator(): Emulator {
    return this.frames.emulator
  }

  /** The requests of one command from now on; they go their way all the same. */
  seen<N extends CommandName>(name: N): SeenRequest<N>[] {
    const requests: SeenRequest<N>[] = []
    const see = (request: RequestNamed<N>, { broker }: { broker: string | undefined }): void => {
      requests.push({ broker, request })
    }
    this.emulator.control(name, see, { times: 'keep' })
    return requests
  }

  /** Resolves when whatever the admin client has sent to the name server so far has arrived. */
  async arrived(): Promise<void> {
    await this.admin.topics()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.shutdown()
    await this.frames.close()
  }
}
