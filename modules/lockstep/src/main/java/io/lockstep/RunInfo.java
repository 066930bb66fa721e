package io.lockstep;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A run that is about to begin.
 *
 * @param name of the configuration
 * @param network one line that describes the network, such as {@code 784-128-10 relu, categorical}
 * @param parameters number of weights and biases
 * @param trainRows rows to learn from
 * @param validationRows rows held out
 * @param testRows rows of the test set
 * @param epochs epochs of the whole run
 * @param steps steps of the whole run
 * @param batch rows of a step, over all workers
 * @param microBatches micro-batches of a full step that have rows
 * @param workers number of workers
 * @param idleWorkers numbers of the workers that have nothing to do, since there are fewer
 *     micro-batches than workers
 * @param servers number of parameter servers
 * @param kernels the kernels in use, such as {@code vector512}
 * @param folder where the run is kept, if anywhere
 */
public record RunInfo(
    String name,
    String network,
    int parameters,
    int trainRows,
    int validationRows,
    int testRows,
    int epochs,
    long steps,
    int batch,
    int microBatches,
    int workers,
    List<Integer> idleWorkers,
    int servers,
    String kernels,
    Optional<Path> folder) {}
