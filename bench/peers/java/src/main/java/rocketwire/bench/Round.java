package rocketwire.bench;

/** Handles that many messages and tells what that took. */
interface Round {
    Measured run(int messages) throws Exception;
}
