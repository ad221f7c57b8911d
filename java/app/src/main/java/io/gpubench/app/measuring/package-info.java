/**
 * A measurement from what is asked for to what is kept: choosing engines, planning, securing the
 * devices, measuring, relating to ceilings, sealing.
 *
 * <p>For a Java program there are {@link io.gpubench.app.measuring.Gpubench}, {@link
 * io.gpubench.app.measuring.RunRequest}, {@link io.gpubench.app.measuring.StoredRun} and {@link
 * io.gpubench.app.measuring.Listener}; what else is public is for the command line, which asks by
 * the same code. This room knows no command line and prints nothing.
 */
@NullMarked
package io.gpubench.app.measuring;

import org.jspecify.annotations.NullMarked;
