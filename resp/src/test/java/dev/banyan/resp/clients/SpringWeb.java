package dev.banyan.resp.clients;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A copy's web server: it counts a browser's visits, logs it in, which gives its session another name, and out. */
final class SpringWeb implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    SpringWeb(SpringCopy copy) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler pages = new ServletContextHandler("/");
        pages.addFilter(new FilterHolder(copy.filter()), "/*", EnumSet.of(DispatcherType.REQUEST));
        pages.addServlet(new ServletHolder(new Page()), "/*");
        server.setHandler(pages);
        server.start();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            HttpSession session = request.getSession();
            switch (request.getRequestURI()) {
                case "/login" -> request.changeSessionId();
                case "/logout" -> session.invalidate();
                default -> {
                    int visits = session.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
                    session.setAttribute("visits", visits);
                    response.getWriter().print(visits);
                }
            }
        }
    }
}
