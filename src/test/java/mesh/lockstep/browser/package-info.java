/// The pages as people have them: in a browser.
@NullMarked
package mesh.lockstep.browser;

import org.jspecify.annotations.NullMarked;
