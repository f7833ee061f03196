//! What answers at the front door what needs no more than a look into memory, before any route is looked for.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use tower::Service;

use crate::metrics::Requests;
use crate::request_log::Line;

/// What is known at the front door.
pub trait Known: Clone + Send + Sync + 'static {
    /// Answers what is known, with the route that it belongs to, or gives the request back as it came.
    fn answer(&self, request: Request) -> impl Future<Output = Result<(Response, Arc<str>), Request>> + Send;
}

/// Every URL of a program, with what it knows at the front door.
#[derive(Clone, Debug)]
pub struct Front<K> {
    known: K,
    routes: Router,
    requests: Requests,
}

impl<K: Known> Front<K> {
    /// Whatever is not known goes to `routes`, which log and count it, as this does what is known.
    pub fn new(known: K, routes: Router, requests: Requests) -> Self {
        Self {
            known,
            routes,
            requests,
        }
    }
}

/// When a request came, where it was looked at before it got to its route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Came(pub Instant);

impl<K: Known> Service<Request> for Front<K> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        // Routes always are.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self {
            known,
            mut routes,
            requests,
        } = self.clone();
        Box::pin(async move {
            let came = Came(Instant::now());
            let line = Line::of(&request, came, requests);
            match known.answer(request).await {
                Ok((response, route)) => Ok(line.write(response, route)),
                Err(mut request) => {
                    line.leave();
                    request.extensions_mut().insert(came);
                    routes.call(request).await
                }
            }
        })
    }
}
