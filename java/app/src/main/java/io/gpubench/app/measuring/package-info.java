/**
 * A measurement from what is asked for to what is kept: choosing engines, planning, securing the
 * devices, measuring, relating to ceilings, sealing; the same for the command line and for a Java
 * program, which begins at {@link io.gpubench.app.measuring.Gpubench}. Knows no command line: what
 * a person is told goes to a {@link io.gpubench.app.measuring.Listener}.
 */
@NullMarked
package io.gpubench.app.measuring;

import org.jspecify.annotations.NullMarked;
